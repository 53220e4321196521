/** A plugin of Swagger UI that gives keyboards and screen readers what it leaves out. */
export function accessible({ React }) {
  const { createElement: h, useEffect, useRef } = React;

  /** The component with `mend` done to what it has drawn, each time that it draws. */
  const mended = (mend) => (Component) => (properties) => {
    const place = useRef(null);
    useEffect(() => mend(place.current));
    return h('div', { ref: place }, h(Component, properties));
  };

  /** A field is called what its row is called: it has no label of its own. */
  const nameFields = (place) => {
    const name = place.closest('[data-param-name]')?.dataset.paramName ?? 'Request body';
    for (const field of place.querySelectorAll('input, select, textarea'))
      field.setAttribute('aria-label', name);
  };

  /** The answers of several operations can be on the page, each a region of its own. */
  const nameRegions = (place) => {
    for (const region of place.querySelectorAll('[role="region"]'))
      region.setAttribute('aria-label', region.id);
  };

  /** What scrolls must be reached without a mouse. */
  const reachScrolling = (place) => {
    for (const scrolling of place.querySelectorAll('pre')) scrolling.tabIndex = 0;
  };

  /** The links stand in buttons, where nothing else may be pressed; the address follows the button as well. */
  const unlinked = (DeepLink) => (properties) => h(DeepLink, { ...properties, enabled: false });

  return {
    wrapComponents: {
      JsonSchemaForm: mended(nameFields),
      TextArea: mended(nameFields),
      responses: mended(nameRegions),
      HighlightCode: mended(reachScrolling),
      liveResponse: mended(reachScrolling),
      DeepLink: unlinked,
    },
  };
}
