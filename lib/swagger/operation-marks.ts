import type { OperationIdFactory } from '@nestjs/swagger';

/** A handler, and the operation id that it would have without a mark. */
interface Marked {
  readonly handler: string;
  readonly operationId: string;
}

/**
 * Marks operations with their handlers. In an OpenAPI document, only the operation id can tell the handler. So this
 * object first makes ids that are marks, and later replaces each mark with the right id.
 */
export class OperationMarks {
  private readonly marked = new Map<string, Marked>();

  constructor(private readonly makeId: OperationIdFactory = defaultId) {}

  /** Returns the mark of a handler, for `operationIdFactory`. */
  mark(controller: string, method: string, version?: string): string {
    const mark = `mcp-auth:${this.marked.size}:`;
    const operationId = this.makeId(controller, method, version);
    // A route with several paths has a number behind the method: `list[1]`.
    const handler = `${controller}.${method.replace(/\[\d+\]$/, '')}`;
    this.marked.set(mark, { handler, operationId });
    return mark;
  }

  /** Gives an operation, or a link to an operation, its right id. Returns the name of the handler. */
  unmark(operation: { operationId?: string }): string | undefined {
    // Routes of `@All()` have the method of the request behind the id.
    const [, mark = '', suffix = ''] =
      /^(mcp-auth:\d+:)(.*)$/.exec(operation.operationId ?? '') ?? [];
    const found = this.marked.get(mark);
    if (found !== undefined) {
      operation.operationId = found.operationId + suffix;
    }
    return found?.handler;
  }
}

/** The default of `@nestjs/swagger`. */
function defaultId(controller: string, method: string, version?: string): string {
  return [controller, method, version].filter(Boolean).join('_');
}
