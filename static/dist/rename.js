import{X as o}from"./chunk-CW22LYAI.js";o(document);
