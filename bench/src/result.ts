/** What a benchmark found: a table to read, and what one must know to read it rightly. */
export interface BenchResult {
  name: string;
  /** One line of the table each; the keys are its columns, with their units. */
  rows: Record<string, string | number>[];
  notes: string[];
}
