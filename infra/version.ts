/** The program's version, put in by the build from package.json. */
declare const ELECBAY_VERSION: string | undefined;

export const programVersion = typeof ELECBAY_VERSION === "string" ? ELECBAY_VERSION : "0.0.0-source";

/** Hash of the sources that the program was built from. */
declare const ELECBAY_BUILD: string | undefined;

/** Tells two builds of one version apart: what one has in memory means nothing to the other. */
export const programBuild = `${programVersion}+${typeof ELECBAY_BUILD === "string" ? ELECBAY_BUILD : "source"}`;
