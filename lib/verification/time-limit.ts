import { Injectable } from '@nestjs/common';
import { getOrMake } from '../cache/get-or-make.js';
import { withinTime } from '../async/within-time.js';
import { FailureLog } from '../log/failure-log.js';
import { DEFAULT_FETCH_TIMEOUT } from '../authorization-server/fetching/fetch-json.js';
import { AuthorizationServerUnavailableError } from '../errors/authorization-server.error.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';

/** More functions than an application has; those of tenants are many. */
const MAX_LOGS = 1000;

/** Limits the time that functions of the application take while a request waits for them. */
@Injectable()
export class TimeLimit {
  private readonly milliseconds: number;
  /** By function, so that one that fails does not hide another. */
  private readonly logs = new Map<string, FailureLog>();

  constructor({ fetchTimeout = DEFAULT_FETCH_TIMEOUT }: McpAuthModuleSettings) {
    this.milliseconds = fetchTimeout;
  }

  /**
   * Returns what was given, at once where it is no promise.
   *
   * @param name - names the function for the log
   * @throws AuthorizationServerUnavailableError if the promise is not settled in time; it is logged
   */
  of<T>(given: T | Promise<T>, name: () => string): T | Promise<T> {
    return given instanceof Promise
      ? withinTime(given, this.milliseconds, () => this.late(name()))
      : given;
  }

  private late(name: string): Error {
    const error = new AuthorizationServerUnavailableError(
      `${name} gave no answer within ${this.milliseconds} ms (fetchTimeout).`,
    );
    this.logOf(name).report(error);
    return error;
  }

  private logOf(name: string): FailureLog {
    if (this.logs.size >= MAX_LOGS) {
      this.logs.clear();
    }
    return getOrMake(this.logs, name, () => new FailureLog());
  }
}
