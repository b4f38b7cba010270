// Send Phone Message: what the hook is called with.

interface HookContext {
  message_type: 'sms' | 'voice';
  action: 'enrollment' | 'second-factor-authentication';
  /** One of the tenant's languages; `N/A` with the Classic login page. */
  language: string;
  /** The one-time code, which is in the text as well. */
  code: string;
  /** The address of the person who signs in. */
  ip: string;
  user_agent: string;
  client?: {
    client_id: string;
    name: string;
    client_metadata?: Record<string, any>;
  };
  user: {
    /** The user's id with its prefix. */
    user_id: string;
    name: string;
    email: string;
    app_metadata: Record<string, any>;
    user_metadata: Record<string, any>;
  };
  /** The platform's side of the run: secrets, headers and more. */
  webtask: HookWebtask;
}

interface HookCallback {
  /**
   * Ends the run.
   * @param error The message counts as not sent. Null where it was.
   * @param response What the provider answered.
   */
  (error?: Error | string | null, response?: any): void;
}

type HookArguments = [
  /** The phone number. */
  recipient: string,
  /** The message, with the code in it. */
  text: string,
  context: HookContext,
  cb: HookCallback,
];

/**
 * The message counts as not sent.
 * @param logMessage For the tenant log.
 * @param userMessage Another text for the person; the first one where it is left out.
 */
declare class SendPhoneMessageError extends ExtensibilityUserError {
  constructor(logMessage: string, userMessage?: string);
  friendlyMessage: string;
}
