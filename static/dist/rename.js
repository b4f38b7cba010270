import{X as o}from"./chunk-D3COR6OA.js";o(document);
