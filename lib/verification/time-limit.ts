import { Injectable } from '@nestjs/common';
import { getOrMake } from '../cache/get-or-make.js';
import { withinTime } from '../async/within-time.js';
import { FailureLog } from '../log/failure-log.js';
import { DEFAULT_FETCH_TIMEOUT } from '../authorization-server/fetching/fetch-text.js';
import { AuthorizationServerUnavailableError } from '../errors/authorization-server.error.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';

/** The greatest number of logs. Only an application with many tenants has so many functions. */
const MAX_LOGS = 1000;

/** Limits the time for which a request waits for functions of the application. */
@Injectable()
export class TimeLimit {
  private readonly milliseconds: number;
  /** The log of each function, by its name, so that one failing function does not hide another. */
  private readonly logs = new Map<string, FailureLog>();

  constructor({ fetchTimeout = DEFAULT_FETCH_TIMEOUT }: McpAuthModuleSettings) {
    this.milliseconds = fetchTimeout;
  }

  /**
   * Returns the given value. If it is a promise, limits the time until the promise has to be settled.
   *
   * @param name - names the function in the log
   * @throws AuthorizationServerUnavailableError if the promise is not settled in time. The error is logged, at most
   * once in 10 seconds for each function.
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
