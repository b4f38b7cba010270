// The hook as it stands in the editor, as a command that would save it. The token is left to the shell.

/**
 * @param {object} hook
 * @param {string} hook.api origin of the Management API
 * @param {string} hook.id
 * @param {string} hook.script
 * @param {Record<string, string>} hook.modules
 * @returns {string} for a POSIX shell; the token comes from its variable TOKEN
 */
export function curlCommand({ api, id, script, modules }) {
  const body = JSON.stringify({ script, dependencies: modules });
  return [
    `curl -X PATCH ${quoted(`${api}/api/v2/hooks/${id}`)}`,
    `-H "Authorization: Bearer $TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `--data-raw ${quoted(body)}`,
  ].join(" \\\n  ");
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
