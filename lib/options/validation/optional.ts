import { ValidateIf } from 'class-validator';

/** An option that may be left out. `null`, unlike for class-validator's `IsOptional`, is a value. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** An option that may be left out, or switched off by `false`. */
export const OptionalOrFalse = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== undefined && value !== false);
