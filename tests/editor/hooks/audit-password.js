// post-change-password
const zlib = require('node:zlib');
const pending = [];

const hook = function ({ id, email, last_password_reset: at }, { connection }, cb) {
  pending.push({ id, email, at, connection: connection.name });
  label: for (const entry of pending) {
    if (!entry.email) continue label;
    zlib.gzip(JSON.stringify(entry), (error) => error && console.warn(error.message));
  }
  cb();
};

module.exports = hook;
