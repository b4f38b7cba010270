/** Send Phone Message: runs when a code has to reach a phone. */
module.exports = async function (recipient, text, context, cb) {
  const { PROVIDER_URL, PROVIDER_KEY } = context.webtask.secrets;
  try {
    // await send(PROVIDER_URL, PROVIDER_KEY, { to: recipient, body: text, voice: context.message_type === 'voice' });
    cb(null, {});
  } catch (err) {
    cb(err);
  }
};
