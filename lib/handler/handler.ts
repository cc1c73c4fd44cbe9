import type { Type } from '@nestjs/common';

/** The function of a method, by which Nest identifies the method. */
export type Method = (...args: never[]) => unknown;

/** A handler: its class, and the name of the method. */
export interface Handler {
  readonly controller: Type;
  readonly method: string;
}

/** Returns the name of a handler for messages, such as `NotesController.list`. */
export function nameOf({ controller, method }: Handler): string {
  return `${controller.name}.${method}`;
}
