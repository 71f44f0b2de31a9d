export interface StartCost {
  plain_ms: number;
  server: number;
  command: number;
}

export function startCost(folder: string, rounds: number): StartCost;
