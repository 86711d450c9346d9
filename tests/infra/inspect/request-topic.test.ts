/** Whose request holds where an operator and the market's own program ask at nearly the same time, or while the connection is away. */
import { describe, expect, it } from "vitest";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { createRequestTopic, retainedWithinMs } from "../../../infra/inspect/request-topic.js";

/** A broker that passes on what it was sent when it is told to. */
function host() {
  const wall = steppedClock(0);
  const onTheWay: string[] = [];
  const news: string[] = [];
  let retained = "";
  let isThere = true;
  const topic = createRequestTopic(wall, (text) => void onTheWay.push(text));
  function hear(text: string, isRetained: boolean): void {
    if (topic.hears(text, isRetained)) news.push(text);
  }
  function passOn(text: string): void {
    retained = text;
    if (isThere) hear(text, false);
  }
  return {
    ...{ topic, news },
    retained: () => retained,
    operatorAsks: passOn,
    /** What is on its way arrives, and comes back. */
    delivers() {
      for (let text = onTheWay.shift(); text !== undefined; text = onTheWay.shift()) passOn(text);
    },
    loses() {
      isThere = false;
      topic.lost();
    },
    forgets() {
      retained = "";
    },
    /** The retained message, if there is one, and nothing more for as long as the broker may take. */
    comesBack() {
      isThere = true;
      topic.connected();
      if (retained !== "") hear(retained, true);
      wall.advanceTo(wall.now() + retainedWithinMs);
      this.delivers();
    },
  };
}

describe("what is asked of an inspection on manage/inspect", () => {
  it("is an operator's newer request that came while the host's connection was away", () => {
    const broker = host();
    broker.topic.say("host's");
    broker.delivers();
    broker.loses();
    broker.operatorAsks("operator's");
    broker.comesBack();
    expect({ news: broker.news, retained: broker.retained() }).toEqual({
      news: ["operator's"],
      retained: "operator's",
    });
  });

  it("is told a broker again that was started anew and has forgotten it, and only such a one", () => {
    const broker = host();
    broker.topic.say("host's");
    broker.delivers();
    broker.loses();
    broker.comesBack();
    expect(broker.retained()).toBe("host's");
    broker.loses();
    broker.forgets();
    broker.comesBack();
    expect(broker.retained()).toBe("host's");
    expect(broker.news).toEqual([]);
  });

  it("is what the host itself was asked while its connection was away", () => {
    const broker = host();
    broker.loses();
    broker.operatorAsks("operator's");
    broker.topic.say("off");
    broker.topic.clear();
    broker.topic.say("host's newest");
    broker.comesBack();
    expect({ news: broker.news, retained: broker.retained() }).toEqual({ news: [], retained: "host's newest" });
  });

  it("is nothing any more where it came to its end while the host's connection was away, unless an operator asked anew", () => {
    for (const asked of [undefined, "operator's"]) {
      const broker = host();
      broker.topic.say("host's");
      broker.delivers();
      broker.loses();
      broker.topic.clear();
      if (asked !== undefined) broker.operatorAsks(asked);
      broker.comesBack();
      expect(broker.retained()).toBe(asked ?? "");
    }
  });

  it("is the last of several requests that the host says before it hears the first of them", () => {
    const broker = host();
    broker.topic.say("on");
    broker.delivers();
    broker.topic.say("off");
    broker.topic.clear();
    broker.topic.say("on again");
    broker.delivers();
    expect({ news: broker.news, retained: broker.retained() }).toEqual({ news: [], retained: "on again" });
  });

  it("is over where an operator clears it", () => {
    const broker = host();
    broker.topic.say("on");
    broker.delivers();
    broker.operatorAsks("");
    expect(broker.news).toEqual([""]);
  });

  it("is no news where the same retained message is heard with the next connection", () => {
    const broker = host();
    broker.operatorAsks("operator's");
    broker.loses();
    broker.comesBack();
    expect(broker.news).toEqual(["operator's"]);
  });
});
