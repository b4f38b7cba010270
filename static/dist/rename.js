import{X as o}from"./chunk-ZTOWAI7H.js";o(document);
