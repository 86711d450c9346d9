/** A connection that only looks, told by its client id: where guests are welcome, nobody becomes one by it. */
const mark = "watch-";

/** @param part tells several watchers of one account apart */
export const watcherOf = (username: string, part: string): string => `${username}/${mark}${part}`;

export const isWatcher = (clientId: string): boolean => clientId.split("/")[1]?.startsWith(mark) === true;
