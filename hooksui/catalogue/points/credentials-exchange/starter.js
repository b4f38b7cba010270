/** Client Credentials Exchange: runs before an access token is issued to an application. */
module.exports = function (client, scope, audience, context, cb) {
  // Start from the granted scopes: without this the token loses all of them.
  const token = { scope };

  // Add a claim, named by a URL that you own:
  // token['https://claims.example.com/tier'] = client.metadata.tier;

  // Refuse the token:
  // return cb(new InvalidScopeError('This application may not use that scope.'));

  cb(null, token);
};
