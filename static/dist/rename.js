import{Q as o}from"./chunk-BKPYXJWW.js";o(document);
