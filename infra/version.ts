/** The program's version, put in by the build from package.json. */
declare const ELECBAY_VERSION: string | undefined;

export const programVersion = typeof ELECBAY_VERSION === "string" ? ELECBAY_VERSION : "0.0.0-source";
