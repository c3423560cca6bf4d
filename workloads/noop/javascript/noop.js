// noop.js answers every request with an empty response.
"use strict";

const guest = require("guest");

const nothing = guest.bytes("");

guest.main(() => nothing);
