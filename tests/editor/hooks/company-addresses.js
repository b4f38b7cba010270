// pre-user-registration
'use strict';

const ALLOWED = new Set(['acme.example', 'acme.test']);
const domainOf = (email) => email.split('@').at(-1)?.toLowerCase();

module.exports = function (newUser, ctx, done) {
  if (!ALLOWED.has(domainOf(newUser.email))) {
    return done(new PreUserRegistrationError(`domain of ${newUser.email}`, 'Use your work address.'));
  }
  const response = { user: { user_metadata: { ...newUser.user_metadata }, app_metadata: {} } };
  response.user.app_metadata.source = ctx.connection.name;
  response.user.user_metadata['language-at-sign-up'] ||= ctx.request?.language;
  done(null, response);
};
