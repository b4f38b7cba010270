/** Pre User Registration: runs before a user is created. */
module.exports = function (user, context, cb) {
  const response = { user: { user_metadata: {}, app_metadata: {} } };

  // Remember something about the sign-up:
  // response.user.app_metadata.source = context.connection.name;

  // Refuse it; first text for the tenant log, second for the person:
  // return cb(new PreUserRegistrationError('Domain not allowed: ' + user.email, 'Please use your company address.'));

  cb(null, response);
};
