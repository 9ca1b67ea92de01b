// Customers by their names, as far as the database was asked for them: the reading of a command is told, and never asks itself.

/** One customer, as OnRamp calls it. */
export type Customer = { readonly id: number; readonly name: string };

/** Who is called so, case ignored: nobody, one, or several. Undefined where nobody has looked. */
export type Customers = (name: string) => readonly Customer[] | undefined;

/** Nobody has looked. */
export const NO_CUSTOMERS: Customers = () => undefined;

/** Those that were found, by the names that were asked for. */
export function customersIn(found: ReadonlyMap<string, readonly Customer[]>): Customers {
  return (name) => found.get(name);
}
