import{K as o}from"./chunk-AXCEBHK3.js";o(document);
