"""Spanish."""

from __future__ import annotations

SENIORITY = {
    "C-level": """
        director general, directora general, director gral, director gerente, directora gerente, director
        ejecutivo, directora ejecutiva, director general adjunto, dirección general, dir general, gerente
        general, gerenta general, consejero delegado, consejera delegada, consejero, consejera, miembro del
        consejo, presidente, presidenta, presidente ejecutivo, vicepresidente ejecutivo, propietario,
        propietaria, dueño, dueña, fundador, fundadora, cofundador, cofundadora, co fundador, co fundadora,
        socio, socia, socio fundador, socia fundadora, socio director, socia directora, socio gerente,
        administrador único, administradora única, administrador general, apoderado general, empresario,
        empresaria, emprendedor, emprendedora, titular, primer ejecutivo""",
    "Director": """
        director, directora, directores, dirección, dir, dtor, dtora, *director, *directora, vicepresidente,
        vicepresidenta, vice presidente, vice presidenta, subdirector, subdirectora, sub director, director
        adjunto, directora adjunta, apoderado, apoderada, jefe de división, jefa de división, decano, decana,
        alcalde, alcaldesa, director creativo""",
    "Manager": """
        gerente, gerenta, gte, responsable, resp, jefe, jefa, jefe de, jefa de, jefatura, jefe de equipo, jefa
        de equipo, jefe de proyecto, jefa de proyecto, jefe de ventas, jefe de obra, jefe de taller, encargado,
        encargada, encargado de, encargada de, supervisor, supervisora, capataz, líder de equipo, líder, mando
        intermedio, director de proyecto, directora de proyecto, director de tienda, subgerente, sub gerente,
        gestor de equipo, maestro de obra""",
    "Specialist": """
        especialista, técnico, técnica, analista, coordinador, coordinadora, consultor, consultora, asesor,
        asesora, experto, experta, gestor, gestora, ejecutivo, ejecutiva, ejecutivo de cuentas, ejecutiva de
        cuentas, ejecutivo de ventas, representante, delegado, delegada, agente, comercial, vendedor, vendedora,
        comprador, compradora, contable, contador, contadora, auditor, auditora, interventor, interventora,
        controlador, controller, ingeniero, ingeniera, desarrollador, desarrolladora, programador, programadora,
        informático, informática de sistemas, administrador, administradora, administrador de sistemas,
        administrativo, administrativa, abogado, abogada, jurista, letrado, letrada, notario, procurador,
        reclutador, reclutadora, seleccionador, formador, formadora, profesor, profesora, maestro, maestra,
        docente, investigador, investigadora, científico, científica, arquitecto, arquitecta, delineante,
        diseñador, diseñadora, redactor, redactora, periodista, traductor, traductora, médico, médica,
        enfermero, enfermera, farmacéutico, farmacéutica, operario, operaria, obrero, obrera, mecánico,
        mecánica, electricista, conductor, conductora, mozo de almacén, almacenero, empleado, empleada,
        trabajador, trabajadora, autónomo, autónoma, freelance, funcionario, funcionaria, profesional,
        licenciado, licenciada, economista, planificador, planificadora, teleoperador, teleoperadora, promotor,
        promotora, corredor, corredora, psicólogo, psicóloga, publicista, colaborador, colaboradora, cajero,
        cajera, adjunto, adjunta, oficial, oficial de compras, cocinero, cocinera, camarero, camarera,
        comunicador, comunicadora""",
    "Junior": """
        becario, becaria, practicante, en prácticas, prácticas, prácticas en, aprendiz, aprendiza, estudiante,
        alumno, alumna, doctorando, doctoranda, pasante, pasantía, universitario, universitaria, opositor,
        opositora, voluntario, voluntaria, recién graduado, recién graduada, junior""",
    "support": """
        asistente, asistenta, auxiliar, ayudante, ayudanta, secretario, secretaria, secretariado, auxiliar
        administrativo, auxiliar administrativa, asistente de dirección, asistente ejecutiva, secretaria de
        dirección, recepcionista, asistente personal, ayudante de dirección""",
    "alone": "jefe, jefa",
    "silent": "vida estudiantil, atención al alumno, asuntos estudiantiles, director de orquesta",
    "gone": """
        jubilado, jubilada, pensionista, desempleado, desempleada, en paro, parado, parada, en desempleo, ex
        director, ama de casa, amo de casa, retirado, retirada, sin empleo, buscando empleo, particular, cesante""",
}

FUNCTION = {
    "Management": "estrategia, desarrollo corporativo",
    "Sales": """
        ventas, venta, comercial, comerciales, vendedor, vendedora, desarrollo de negocio, desarrollo de
        negocios, cuentas clave, grandes cuentas, ejecutivo de cuentas, ejecutiva de cuentas, key account*,
        preventa, tienda, punto de venta, agente comercial, delegado comercial, delegado de zona, distribución,
        inmobiliaria, inmobiliario, área comercial, cartera de clientes""",
    "Marketing": """
        marketing, mercadotecnia, mercadeo, márketing, comunicación, comunicaciones, comunicador, comunicadora,
        publicidad, publicista, relaciones públicas, RRPP, prensa, marca, marcas, redes sociales, medios,
        eventos, contenidos, investigación de mercados, community manager, diseño gráfico, diseñador gráfico,
        diseñadora gráfica, comercio electrónico, redactor, redactora, director creativo, imagen corporativa""",
    "Purchasing": """
        compras, compra, comprador, compradora, aprovisionamiento, aprovisionamientos, abastecimiento,
        abastecimientos, adquisiciones, proveedores, contratación pública, suministros, procura""",
    "Finance": """
        finanzas, financiero, financiera, financieros, contabilidad, contable, contables, contador, contadora,
        tesorería, tesorero, tesorera, administración y finanzas, administrativo financiero, administrativa
        financiera, económico financiero, control de gestión, controller, auditor, auditora, auditoría, fiscal,
        impuestos, tributario, facturación, cobros, crédito, créditos, banca, seguros, inversiones, interventor,
        interventora, nóminas y contabilidad, economista, riesgos""",
    "HR": """
        recursos humanos, RRHH, RR HH, recurso humano, talento, talento humano, gestión humana, capital humano,
        personal, selección, selección de personal, reclutamiento, reclutador, reclutadora, nóminas, nómina,
        formación, capacitación, relaciones laborales, gestión de personas, personas, bienestar laboral,
        desarrollo organizacional""",
    "IT": """
        informática, informático, informatica, sistemas, sistema, TI, TIC, tecnología, tecnologías, tecnología
        de la información, tecnologías de la información, desarrollador, desarrolladora, programador,
        programadora, software, redes, datos, digital, transformación digital, administrador de sistemas,
        ciberseguridad, seguridad informática, infraestructura, base de datos, bases de datos, aplicaciones,
        inteligencia artificial, soporte informático, telecomunicaciones, web""",
    "Operations": """
        operaciones, operación, producción, logística, logístico, almacén, almacenes, bodega, cadena de
        suministro, planta, fábrica, calidad, mantenimiento, transporte, transportes, tráfico, fabricación,
        industrial, jefe de planta, jefe de taller, taller, planificación, procesos, mejora continua,
        distribución logística, flota, importación, exportación, comercio exterior, seguridad e higiene,
        prevención de riesgos, prevención, PRL, operario, operaria, mozo de almacén, almacenero, conductor,
        conductora, mecánico, electricista, servicios generales, expediciones, inventarios, medio ambiente""",
    "Engineering": """
        ingeniería, ingeniero, ingeniera, I D, I D i, I mas D, investigación y desarrollo, investigación,
        desarrollo, desarrollo de producto, técnico, técnica, dirección técnica, director técnico, directora
        técnica, oficina técnica, proyectos técnicos, innovación, laboratorio, obra, obras, jefe de obra,
        construcción, arquitecto, arquitecta, delineante, diseño industrial, ingeniero industrial, ingeniera
        industrial, científico, científica""",
    "Product": """
        producto, productos, gestión de producto, jefe de producto, jefa de producto, gerente de producto,
        product""",
    "Customer service": """
        atención al cliente, atención a clientes, servicio al cliente, servicio a clientes, servicio de atención
        al cliente, postventa, posventa, soporte, soporte técnico, experiencia de cliente, experiencia del
        cliente, call center, clientes, teleoperador, teleoperadora, servicio técnico""",
    "Legal": """
        legal, jurídico, jurídica, jurista, abogado, abogada, letrado, letrada, notario, asesoría jurídica,
        asesor jurídico, cumplimiento, cumplimiento normativo, contratos, protección de datos, asuntos
        regulatorios, propiedad intelectual""",
    "Administration": """
        administrativo, administrativa, administrativos, administración, secretaria, secretario, secretariado,
        asistente de dirección, auxiliar administrativo, auxiliar administrativa, secretaria de dirección,
        recepcionista, recepción, oficina, asistente ejecutiva, ayudante de dirección""",
    "silent": """
        asistente personal, personal sanitario, técnico en, técnico de, técnica de, técnica en, jefe de área,
        jefa de área""",
}
