import{Q as o}from"./chunk-4GHJWFXL.js";o(document);
