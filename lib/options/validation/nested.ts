import 'reflect-metadata';
import { applyDecorators, type Type } from '@nestjs/common';
import { ValidateNested } from 'class-validator';
import type { OptionsClass } from './options-class.js';

const NESTED = Symbol('nestjs-mcp-auth:nested-options');

export interface NestedOptions {
  /** Returns the class that validates an option, or an item of a list. */
  type: (given: unknown) => OptionsClass;
  /** Turns a short form into the full form. */
  expand: (given: unknown) => unknown;
  /** `true` if the option may be an array. */
  many: boolean;
  /** `true` if `false` switches the option off. */
  orFalse: boolean;
}

/** Marks an option that contains options of its own, or an array of them. */
export function Nested(
  type: NestedOptions['type'],
  {
    expand = (given: unknown) => given,
    many = false,
    orFalse = false,
  }: Partial<NestedOptions> = {},
): PropertyDecorator {
  return applyDecorators(ValidateNested(), (target: object, property: string | symbol) => {
    Reflect.defineMetadata(NESTED, { type, expand, many, orFalse }, target, property);
  });
}

export function nestedOptions(owner: Type<object>, property: string): NestedOptions | undefined {
  return Reflect.getMetadata(NESTED, owner.prototype as object, property) as
    NestedOptions | undefined;
}
