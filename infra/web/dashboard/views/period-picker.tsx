/** Goes from one cleared period to the next, or to any of them. */
import { chosenPeriod } from "../model/chosen-period.js";
import { clearedPeriods, resultsPeriod } from "../model/past-results.js";
import { PeriodChoice } from "./period-choice.js";

export function PeriodPicker() {
  const choose = (period: string | undefined): void => {
    chosenPeriod.value = period;
  };
  return <PeriodChoice periods={clearedPeriods.value} shown={resultsPeriod.value} onChoose={choose} />;
}
