// The create form says whether a new hook at the chosen extensibility point will start enabled.
const select = document.querySelector("#id_trigger");
const sentence = document.querySelector("#start-of-new");

select.addEventListener("change", () => {
  sentence.textContent = select.selectedOptions[0]?.dataset.start ?? "";
});
