import{K as o}from"./chunk-3BEOHMTK.js";o(document);
