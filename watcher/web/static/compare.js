"use strict";
const slider = document.querySelector(".slider"), slide = document.getElementById("slide");
if (slide) {
  const upper = slider.querySelector(".upper");
  const draw = () => { upper.style.clipPath = `inset(0 0 0 ${slide.value}%)`; };
  slide.addEventListener("input", draw);
  draw();
}
