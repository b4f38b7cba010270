// Client Credentials Exchange: what the hook is called with.

interface HookClient {
  /** The application's client id. */
  id: string;
  /** The application's name. */
  name: string;
  /** The name of the tenant. */
  tenant: string;
  /** The application's metadata. */
  metadata: Record<string, any>;
}

interface HookContext {
  /** The parameters of the token request, `grant_type` and custom ones. */
  body: Record<string, any>;
  /** The platform's side of the run: secrets, headers and more. */
  webtask: HookWebtask;
}

/** The access token that is handed out: its scopes, and claims named by URLs that you own. */
interface HookToken {
  /** The scopes of the token. Without them it has none. */
  scope?: string[];
  [claim: string]: any;
}

interface HookCallback {
  /**
   * Ends the run.
   * @param error Refuses the token. Null where all is well.
   * @param token The scopes and claims of the token.
   */
  (error?: Error | string | null, token?: HookToken): void;
}

type HookArguments = [
  client: HookClient,
  /** The scopes about to be granted. */
  scope: string[],
  /** The identifier of the API that the token is for. */
  audience: string,
  context: HookContext,
  cb: HookCallback,
];

/** Refuses the token with status 400 and the error `invalid_scope`. */
declare class InvalidScopeError extends ExtensibilityUserError {}

/** Refuses the token with status 400 and the error `invalid_request`. */
declare class InvalidRequestError extends ExtensibilityUserError {}

/** Refuses the token with status 500 and the error `server_error`. */
declare class ServerError extends ExtensibilityUserError {}
