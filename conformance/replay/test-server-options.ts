/**
 * What a test server is started with for a replay: the users that the captures were recorded with, and a clock.
 */
import { type Clock, systemClock, type TestUser } from "@bowline/testing";

/** By token. */
export const TEST_USERS: Readonly<Record<string, TestUser>> = {
  "admin-token": { user: "token-admin", uid: "1", groups: ["system:masters"] },
  "plain-token": { user: "plain-user", uid: "2", groups: ["devs"] },
};

/**
 * A clock that stands still, since the order of managedFields depends on whether a second has passed between two writes.
 * Its timers run.
 */
export function standingClock(): Clock {
  const now = new Date();
  return { ...systemClock, now: () => now };
}
