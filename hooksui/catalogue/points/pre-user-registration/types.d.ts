// Pre User Registration: what the hook is called with.

interface HookUser {
  /** The name of the tenant. */
  tenant: string;
  username: string;
  /** The password in clear text. */
  password: string;
  email: string;
  emailVerified: boolean;
  phoneNumber: string;
  phoneNumberVerified: boolean;
  /** What the user may change; absent where nothing was given. */
  user_metadata?: Record<string, any>;
  /** What only administrators change; absent where nothing was given. */
  app_metadata?: Record<string, any>;
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
  /** The language of the sign-up page. */
  renderLanguage: string;
  request: {
    /** The address of the person who signs up, in IPv6 notation. */
    ip: string;
    /** The language of the request, as `en-us`. */
    language: string;
  };
  connection: HookConnection;
  /** The platform's side of the run: secrets, headers and more. */
  webtask: HookWebtask;
}

/** Metadata for the new user. Names may not contain a dot or begin with a dollar sign. */
interface HookResponse {
  user?: { user_metadata?: Record<string, any>; app_metadata?: Record<string, any> };
}

interface HookCallback {
  /**
   * Ends the run.
   * @param error Refuses the sign-up. Null where all is well.
   * @param response Metadata for the new user.
   */
  (error?: Error | string | null, response?: HookResponse): void;
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
