// Quorums: who must have signed, and how many would have to be dishonest.
// A part is { name, parties: Set of names of keys, threshold, members }; a witness has no members.

export const isOneParty = (part) => part.parties.size === 1;

/** Whether these witnesses (a Set of names) are enough. */
export function satisfiedBy(part, names) {
  if (!part.members.length) return names.has(part.name);
  return part.members.filter((each) => satisfiedBy(each, names)).length >= part.threshold;
}

/** How many parties any two satisfying sets share at least: so many must cheat for two histories. */
export function smallestIntersection(part) {
  if (isOneParty(part)) return 1;
  const common = Math.max(0, 2 * part.threshold - part.members.length);
  const costs = part.members.map(smallestIntersection).sort((one, other) => one - other);
  return costs.slice(0, common).reduce((sum, each) => sum + each, 0);
}

/** Whether the keys of one party stand at several places, so that it would count more than once. */
export function isDivided(part) {
  if (isOneParty(part)) return false;
  const seen = new Set();
  for (const each of part.members) {
    for (const party of each.parties) {
      if (seen.has(party)) return true;
      seen.add(party);
    }
  }
  return part.members.some(isDivided);
}
