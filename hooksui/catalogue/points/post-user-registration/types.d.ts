// Post User Registration: what the hook is called with.

interface HookUser {
  /** The user's id without the prefix `auth0|`. */
  id: string;
  /** The name of the tenant. */
  tenant: string;
  username: string;
  email: string;
  emailVerified: boolean;
  phoneNumber: string;
  phoneNumberVerified: boolean;
  user_metadata: Record<string, any>;
  app_metadata: Record<string, any>;
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
  /** The language of the request, as `en-us`. */
  requestLanguage: string;
  connection: HookConnection;
  /** The platform's side of the run: secrets, headers and more. */
  webtask: HookWebtask;
}

interface HookCallback {
  /**
   * Ends the run. The user exists already, whatever is passed.
   * @param error Recorded in the tenant log.
   * @param response Ignored.
   */
  (error?: Error | string | null, response?: any): void;
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
