/** What operators see of the running actors. Its further fields come with the inspector; readers take unknown ones. */
import * as z from "zod";
import * as f from "./fields.js";

export const inspection = z.looseObject({
  ...f.stamped,
  actor: z.string().meta({ description: "the actor's name" }),
  state: z.string().meta({ description: "the state it is now in" }),
});
