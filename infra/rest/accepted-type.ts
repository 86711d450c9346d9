/** Which of the forms that a route can answer in is wanted most: the header Accept, weights included. */
import { ProblemError } from "./problem.js";

/** @param forms the usual one first: it is taken unless another is wanted more @throws ProblemError where none is wanted */
export function acceptedType<Form extends string>(accept = "*/*", forms: readonly [Form, ...Form[]]): Form {
  const wishes = new Map(
    accept.split(",").map((part) => {
      const [type = "", ...parameters] = part.split(";").map((word) => word.trim().toLowerCase());
      const quality = parameters.find((word) => word.startsWith("q="))?.slice(2);
      return [type, quality === undefined ? 1 : Number(quality)] as const;
    }),
  );
  const wish = (type: string): number =>
    wishes.get(type) ?? wishes.get(`${type.split("/")[0]}/*`) ?? wishes.get("*/*") ?? 0;
  const [usual] = forms;
  const best = forms.reduce((one, other) => (wish(other) > wish(one) ? other : one), usual);
  if (wish(best) > 0) return best;
  throw new ProblemError("not-acceptable", `the answer is one of ${forms.join(", ")}`);
}
