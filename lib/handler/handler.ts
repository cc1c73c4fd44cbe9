import type { Type } from '@nestjs/common';

/** A method as Nest knows it: by the function that stands under its name. */
export type Method = (...args: never[]) => unknown;

/** A route handler: a method of a controller, under the name that it has there. */
export interface Handler {
  readonly controller: Type;
  readonly method: string;
}

/** `NotesController.list`, as messages name it. */
export function nameOf({ controller, method }: Handler): string {
  return `${controller.name}.${method}`;
}
