/** The head of a table: a line of columns, text at the left, numbers at the right with their unit. */

export type Column =
  /** Of text. */
  | string
  | { readonly number: string; readonly unit?: string }
  /** What it holds speaks for itself, such as buttons: told to those alone who do not see it. */
  | { readonly unseen: string };

export function ColumnHeads({ columns }: { readonly columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          if (typeof column === "string") {
            return (
              <th key={column} scope="col">
                {column}
              </th>
            );
          }
          if ("unseen" in column) return <th key={column.unseen} scope="col" aria-label={column.unseen} />;
          return (
            <th key={column.number} scope="col" class="number">
              {column.number} {column.unit !== undefined && <span class="unit">{column.unit}</span>}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
