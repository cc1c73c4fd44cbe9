import { ValidateIf } from 'class-validator';

/** Marks an option that may be left out. Unlike `IsOptional` of class-validator, it validates `null`. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** Marks an option that may be left out, or switched off by `false`. */
export const OptionalOrFalse = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== undefined && value !== false);
