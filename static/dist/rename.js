import{Q as o}from"./chunk-2HR2S7QE.js";o(document);
