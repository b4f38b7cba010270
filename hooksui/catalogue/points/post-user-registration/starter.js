/** Post User Registration: runs after a user was created. */
module.exports = async function (user, context, cb) {
  try {
    // await notify(user.email, context.webtask.secrets.CRM_KEY);
    cb();
  } catch (err) {
    cb(err); // recorded, but the sign-up stays as it is
  }
};
