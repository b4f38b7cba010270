// What several scripts use, so that the build puts it into one file. What is missing here becomes a file of its own.
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
