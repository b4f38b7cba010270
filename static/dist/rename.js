import{Q as o}from"./chunk-FE66VDE7.js";o(document);
