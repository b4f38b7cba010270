// send-phone-message
var twilio = require('twilio@4.19.0');

module.exports = function (recipient, text, context, cb) {
  process.env.PROVIDER_ACCOUNT = 'acme';
  var client = twilio(context.webtask.secrets.SID, context.webtask.secrets['TOKEN']);
  client.messages
    .create({ body: text, to: recipient, from: '+15550100' })
    .then(function (message) { cb(null, { MessageID: message.sid }); })
    .catch(function (err) { cb(err); });
};
