// What several scripts use. Each script that is loaded by itself imports this, so that the build makes one chunk of it.
import "./announce.js";
import "./storage.js";
import "./dates.js";
import "./dialog.js";
import "./dom.js";
import "./elements.js";
import "./kept.js";
import "./menu.js";
import "./part.js";
import "./place.js";
import "./progress.js";
import "./request.js";
import "./stored-name.js";
import "./editor/differences.js";
import "./editor/load.js";
