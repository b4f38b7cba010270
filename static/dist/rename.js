import{Q as o}from"./chunk-S7AEPUS4.js";o(document);
