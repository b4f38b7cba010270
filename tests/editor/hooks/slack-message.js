// post-user-registration
/** Tells a channel about each new user. */
const https = require('https');

function tellChannel(user, context, cb) {
  const { SLACK_PATH, CHANNEL: channel = '#new-users' } = context.webtask.secrets;
  const body = JSON.stringify({ channel, text: `New user: ${user.username ?? user.email} (${user.email})` });
  const request = https.request({ host: 'hooks.slack.example', path: SLACK_PATH, method: 'POST' }, (response) => {
    response.resume();
    response.on('end', () => cb(response.statusCode === 200 ? null : new Error('status ' + response.statusCode)));
  });
  request.on('error', cb);
  request.end(body);
}

module.exports = tellChannel;
