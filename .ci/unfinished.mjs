/** A reporter for Vitest: the files that have begun and not ended, in the file that UNFINISHED names, a line each. */
import { writeFileSync } from "node:fs";

export default class Unfinished {
  #begun = new Set();

  onTestModuleStart({ relativeModuleId }) {
    this.#begun.add(relativeModuleId);
    this.#tell();
  }

  onTestModuleEnd({ relativeModuleId }) {
    this.#begun.delete(relativeModuleId);
    this.#tell();
  }

  onTestRunEnd() {
    this.#begun.clear();
    this.#tell();
  }

  #tell() {
    writeFileSync(process.env.UNFINISHED, [...this.#begun].map((file) => `${file}\n`).join(""));
  }
}
