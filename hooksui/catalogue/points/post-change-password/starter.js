/** Post Change Password: runs after a password was changed. */
module.exports = function (user, context, cb) {
  // Tell the person or another system, then finish:
  // console.log('password of', user.id, 'changed at', user.last_password_reset);
  cb();
};
