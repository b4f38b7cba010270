// Post Change Password: what the hook is called with.

interface HookUser {
  /** The user's id without the prefix `auth0|`. */
  id: string;
  username: string;
  email: string;
  /** When the password was changed, as ISO 8601. */
  last_password_reset: string;
}

interface HookConnection {
  /** The id of the connection. */
  id: string;
  /** The name of the connection. */
  name: string;
  /** The name of the tenant. */
  tenant: string;
}

interface HookContext {
  connection: HookConnection;
  /** The platform's side of the run: secrets, headers and more. */
  webtask: HookWebtask;
}

interface HookCallback {
  /**
   * Ends the run. The password is changed already, whatever is passed.
   * @param error Recorded in the tenant log.
   */
  (error?: Error | string | null): void;
}

type HookArguments = [user: HookUser, context: HookContext, cb: HookCallback];

/**
 * Refuses a sign-up, passed to the callback of a hook that runs before it.
 * @param logMessage For the tenant log.
 * @param userMessage Shown to the person who signs up.
 */
declare class PreUserRegistrationError extends ExtensibilityUserError {
  constructor(logMessage: string, userMessage?: string);
  friendlyMessage: string;
}
