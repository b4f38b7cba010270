// What every hook finds at run time, whatever its extensibility point. The editor completes and explains from here.

interface HookWebtask {
  /** The hook's secrets by name. They are set in the panel Secrets, not in the script. */
  secrets: HookSecrets;
  /** Headers of the request that runs the hook, with lower-case names. */
  headers: Record<string, string>;
  /** Query, parameters and secrets in one object. */
  data: Record<string, any>;
  /** The id of the request. */
  id: string;
  params: Record<string, string>;
  query: Record<string, string>;
  meta: Record<string, string>;
  /** One JSON document, kept between runs. Nothing of the kind exists in Actions. */
  storage: {
    get(callback: (error: Error | null, data: any) => void): void;
    set(data: any, callback: (error: Error | null) => void): void;
  };
  token: string;
  body: any;
  body_raw: string;
}

/** An error whose class the platform recognises by its name. */
declare class ExtensibilityUserError extends Error {
  constructor(message: string);
}

interface Console {
  /** Writes to the real-time log, never into the answer. */
  log(...values: any[]): void;
  /** Writes to the real-time log, never into the answer. */
  info(...values: any[]): void;
  /** Writes to the real-time log, never into the answer. */
  warn(...values: any[]): void;
  /** Writes to the real-time log, never into the answer. */
  error(...values: any[]): void;
  /** Writes to the real-time log, never into the answer. */
  trace(...values: any[]): void;
}

declare const console: Console;

/** One of Node's modules, or one that is declared under NPM Modules. `require('name@1.2.3')` asks for a version. */
declare function require(id: string): any;

declare const module: { exports: any };
declare let exports: any;
declare const global: any;
declare const __filename: string;
declare const __dirname: string;

declare const process: {
  /** The platform's environment. It holds none of the hook's secrets. */
  env: Record<string, string | undefined>;
  version: string;
  versions: Record<string, string>;
  platform: string;
  nextTick(callback: (...values: any[]) => void, ...values: any[]): void;
  hrtime: any;
};

declare const Buffer: any;
declare function setTimeout(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): any;
declare function clearTimeout(timer: any): void;
declare function setInterval(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): any;
declare function clearInterval(timer: any): void;
declare function setImmediate(callback: (...values: any[]) => void, ...values: any[]): any;
declare function clearImmediate(timer: any): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function fetch(address: string, options?: any): Promise<any>;
declare const URL: any;
declare const URLSearchParams: any;
declare const TextEncoder: any;
declare const TextDecoder: any;
declare const AbortController: any;
declare const AbortSignal: any;
declare const Blob: any;
declare const BroadcastChannel: any;
declare const ByteLengthQueuingStrategy: any;
declare const CompressionStream: any;
declare const CountQueuingStrategy: any;
declare const Crypto: any;
declare const CryptoKey: any;
declare const CustomEvent: any;
declare const DecompressionStream: any;
declare const DOMException: any;
declare const Event: any;
declare const EventTarget: any;
declare const File: any;
declare const FormData: any;
declare const Headers: any;
declare const MessageChannel: any;
declare const MessageEvent: any;
declare const MessagePort: any;
declare const Navigator: any;
declare const Performance: any;
declare const PerformanceEntry: any;
declare const PerformanceObserver: any;
declare const ReadableStream: any;
declare const Request: any;
declare const Response: any;
declare const SubtleCrypto: any;
declare const TextDecoderStream: any;
declare const TextEncoderStream: any;
declare const TransformStream: any;
declare const WebAssembly: any;
declare const WebSocket: any;
declare const WritableStream: any;
declare const atob: any;
declare const btoa: any;
declare const crypto: any;
declare const navigator: any;
declare const performance: any;
